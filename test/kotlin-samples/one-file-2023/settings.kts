import jetbrains.buildServer.configs.kotlin.*
import jetbrains.buildServer.configs.kotlin.projectFeatures.awsConnection
import jetbrains.buildServer.configs.kotlin.projectFeatures.buildReportTab
import jetbrains.buildServer.configs.kotlin.projectFeatures.dockerECRRegistry
import jetbrains.buildServer.configs.kotlin.projectFeatures.dockerRegistry
import jetbrains.buildServer.configs.kotlin.projectFeatures.githubAppConnection
import jetbrains.buildServer.configs.kotlin.projectFeatures.hashiCorpVaultConnection
import jetbrains.buildServer.configs.kotlin.projectFeatures.kubernetesConnection
import jetbrains.buildServer.configs.kotlin.projectFeatures.slackConnection
import jetbrains.buildServer.configs.kotlin.vcs.GitVcsRoot

/*
The settings script is an entry point for defining a TeamCity project hierarchy.
*/

version = "2023.11"

project {
    description = "Shops & their registries"

    vcsRoot(ShopGit)

    buildType(Build)

    params {
        param("env.REGION", "eu-central-1")
        password("deploy.key", "credentialsJSON:00000000-0000-4000-8000-00000000000a")
    }

    features {
        awsConnection {
            id = "Shop_Main"
            name = "Main account"
            regionName = "eu-central-1"
            credentialsType = static {
                accessKeyId = "AKIAEXAMPLE000000001"
                secretAccessKey = "credentialsJSON:00000000-0000-4000-8000-000000000001"
                stsEndpoint = "https://sts.eu-central-1.amazonaws.com"
            }
            allowInSubProjects = true
            allowInBuilds = false
        }
        awsConnection {
            id = "Shop_Role"
            name = "Deployer"
            credentialsType = iamRole {
                roleArn = "arn:aws:iam::123456789012:role/deploy"
                awsConnectionId = "Shop_Main"
            }
            allowInSubProjects = false
            allowInBuilds = true
            param("awsSessionDuration", "90")
        }
        buildReportTab {
            id = "PROJECT_EXT_3"
            title = "Coverage"
            startPage = "coverage.zip!index.html"
        }
        dockerECRRegistry {
            id = "PROJECT_EXT_4"
            displayName = "ECR"
            ecrType = ecrPrivate()
            registryId = "123456789012"
            credentialsProvider = accessKey {
                accessKeyId = "AKIAEXAMPLE000000002"
                secretAccessKey = "credentialsJSON:00000000-0000-4000-8000-000000000002"
            }
            regionCode = "eu-west-1"
            credentialsType = tempCredentials {
                iamRoleArn = "arn:aws:iam::123456789012:role/pull"
                externalId = "shop"
            }
        }
        dockerRegistry {
            id = "PROJECT_EXT_5"
            name = "Docker Hub"
            userName = "shop"
            password = "credentialsJSON:00000000-0000-4000-8000-000000000003"
        }
        feature {
            id = "PROJECT_EXT_6"
            type = "OAuthProvider"
            param("clientId", "1234.5678")
            param("displayName", "Slack, untyped")
            param("providerType", "slackConnection")
            param("secure:clientSecret", "credentialsJSON:00000000-0000-4000-8000-000000000004")
            param("secure:token", "credentialsJSON:00000000-0000-4000-8000-000000000005")
        }
        feature {
            id = "PROJECT_EXT_7"
            type = "keepRules"
            param("limit", "all")
        }
        githubAppConnection {
            id = "PROJECT_EXT_8"
            displayName = "Shop's app"
            appId = "12345"
            clientId = "Iv1.0123456789abcdef"
            clientSecret = "credentialsJSON:00000000-0000-4000-8000-000000000006"
            privateKey = "zxx0123456789abcdef"
            ownerUrl = "https://github.com/example"
            useUniqueCallback = true
        }
        hashiCorpVaultConnection {
            id = "LocalVault"
            name = "Vault"
            vaultId = "local"
            url = "https://vault.example.com:8200"
            authMethod = appRole {
                roleId = "role"
                secretId = "credentialsJSON:00000000-0000-4000-8000-000000000007"
            }
            failOnError = false
        }
        kubernetesConnection {
            id = "PROJECT_EXT_9"
            name = "Cluster"
            apiServerUrl = "https://kubernetes.example.com"
            authStrategy = eks {
                accessId = "AKIAEXAMPLE000000003"
                secretKey = "credentialsJSON:00000000-0000-4000-8000-000000000008"
                assumeIamRole = true
                iamRoleArn = "arn:aws:iam::123456789012:role/eks"
                clusterName = "shop"
            }
        }
    }

    cleanup {
        keepRule {
            id = "KEEP_1"
        }
    }

    subProject(Checkout)
}

object ShopGit : GitVcsRoot({
    name = "Shop"
    url = "https://example.com/shop.git"
})

object Build : BuildType({
    name = "Build"
    params {
        param("not.of", "the project")
    }
})

object Checkout : Project({
    name = "Check-out"

    features {
        slackConnection {
            id = "PROJECT_EXT_10"
            displayName = "Team Slack"
            botToken = "credentialsJSON:00000000-0000-4000-8000-000000000009"
            clientId = "1234.5678"
            clientSecret = "credentialsJSON:00000000-0000-4000-8000-000000000004"
            serviceMessageMaxNotificationsPerBuild = "5"
        }
    }
})
