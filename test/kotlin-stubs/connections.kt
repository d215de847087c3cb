// Stand-ins for the connections of TeamCity's Kotlin DSL: classes, functions, properties and stored names as documented.
package jetbrains.buildServer.configs.kotlin.projectFeatures

import jetbrains.buildServer.configs.kotlin.CompoundParam
import jetbrains.buildServer.configs.kotlin.ProjectFeature
import jetbrains.buildServer.configs.kotlin.ProjectFeatures

open class Connection(providerType: String) : ProjectFeature() {
    init {
        type = "OAuthProvider"
        param("providerType", providerType)
    }
}

class AwsConnection : Connection("AWS") {
    var name by stringParameter("displayName")
    var regionName by stringParameter("awsRegionName")
    var credentialsType by compoundParameter<CredentialsType>("awsCredentialsType")
    var allowInSubProjects by booleanParameter("awsAllowedInSubProjects")
    var allowInBuilds by booleanParameter("awsAllowedInBuilds")
    var stsEndpoint by stringParameter("awsStsEndpoint")

    sealed class CredentialsType(word: String) : CompoundParam(word) {
        class Static : CredentialsType("awsAccessKeys") {
            var accessKeyId by stringParameter("awsAccessKeyId")
            var secretAccessKey by stringParameter("secure:awsSecretAccessKey")
            var useSessionCredentials by booleanParameter("awsSessionCredentials")
        }

        class IamRole : CredentialsType("awsAssumeIamRole") {
            var roleArn by stringParameter("awsIamRoleArn")
            var sessionName by stringParameter("awsIamRoleSessionName")
            var awsConnectionId by stringParameter()
        }

        class Default : CredentialsType("defaultProvider")
    }

    fun static(init: CredentialsType.Static.() -> Unit) = CredentialsType.Static().apply(init)
    fun iamRole(init: CredentialsType.IamRole.() -> Unit) = CredentialsType.IamRole().apply(init)
    fun default() = CredentialsType.Default()
}

fun ProjectFeatures.awsConnection(init: AwsConnection.() -> Unit) = feature(AwsConnection(), init)

class DockerECRConnection : Connection("AmazonDocker") {
    var displayName by stringParameter()
    var ecrType by compoundParameter<EcrType>()
    var registryId by stringParameter()
    var regionCode by stringParameter("aws.region.name")
    var credentialsType by compoundParameter<CredentialsType>("aws.credentials.type")
    var credentialsProvider by compoundParameter<CredentialsProvider>("aws.use.default.credential.provider.chain")

    sealed class EcrType(word: String) : CompoundParam(word) {
        class Private : EcrType("ECRPrivate")
        class Public : EcrType("ECRPublic")
    }

    sealed class CredentialsType(word: String) : CompoundParam(word) {
        class AccessKeys : CredentialsType("aws.access.keys")

        class TempCredentials : CredentialsType("aws.temp.credentials") {
            var iamRoleArn by stringParameter("aws.iam.role.arn")
            var externalId by stringParameter("aws.external.id")
        }
    }

    sealed class CredentialsProvider(word: String) : CompoundParam(word) {
        class Default : CredentialsProvider("true")

        class AccessKey : CredentialsProvider("") {
            var accessKeyId by stringParameter("aws.access.key.id")
            var secretAccessKey by stringParameter("secure:aws.secret.access.key")
        }
    }

    fun ecrPrivate() = EcrType.Private()
    fun ecrPublic() = EcrType.Public()
    fun accessKeys() = CredentialsType.AccessKeys()
    fun tempCredentials(init: CredentialsType.TempCredentials.() -> Unit) = CredentialsType.TempCredentials().apply(init)
    fun defaultCredentialsProvider() = CredentialsProvider.Default()
    fun accessKey(init: CredentialsProvider.AccessKey.() -> Unit) = CredentialsProvider.AccessKey().apply(init)
}

fun ProjectFeatures.dockerECRRegistry(init: DockerECRConnection.() -> Unit) = feature(DockerECRConnection(), init)

class AzureDevOpsOAuthConnection : Connection("AzureDevOps") {
    var displayName by stringParameter()
    var azureDevOpsUrl by stringParameter()
    var applicationId by stringParameter()
    var clientSecret by stringParameter("secure:clientSecret")
    var scope by stringParameter()
    var useUniqueCallback by booleanParameter("useUniqueRedirect")
}

fun ProjectFeatures.azureDevOpsOAuthConnection(init: AzureDevOpsOAuthConnection.() -> Unit) =
    feature(AzureDevOpsOAuthConnection(), init)

class AzureDevopsConnection : Connection("tfs") {
    init {
        param("type", "token")
    }

    var displayName by stringParameter()
    var serverUrl by stringParameter()
    var accessToken by stringParameter("secure:accessToken")
}

fun ProjectFeatures.azureDevopsConnection(init: AzureDevopsConnection.() -> Unit) = feature(AzureDevopsConnection(), init)

class BitbucketCloudConnection : Connection("BitBucketCloud") {
    var displayName by stringParameter()
    var key by stringParameter("clientId")
    var clientSecret by stringParameter("secure:clientSecret")
}

fun ProjectFeatures.bitbucketCloudConnection(init: BitbucketCloudConnection.() -> Unit) = feature(BitbucketCloudConnection(), init)

class BitbucketServerConnection : Connection("BitbucketServer") {
    var displayName by stringParameter()
    var serverUrl by stringParameter("bitbucketUrl")
    var clientId by stringParameter()
    var clientSecret by stringParameter("secure:clientSecret")
    var useUniqueRedirect by booleanParameter()
}

fun ProjectFeatures.bitbucketServerConnection(init: BitbucketServerConnection.() -> Unit) =
    feature(BitbucketServerConnection(), init)

class GitHubAppConnection : Connection("GitHubApp") {
    init {
        param("connectionSubtype", "gitHubApp")
    }

    var displayName by stringParameter()
    var appId by stringParameter("gitHubApp.appId")
    var clientId by stringParameter("gitHubApp.clientId")
    var clientSecret by stringParameter("secure:gitHubApp.clientSecret")
    var privateKey by stringParameter("secure:gitHubApp.privateKey")
    var ownerUrl by stringParameter("gitHubApp.ownerUrl")
    var webhookSecret by stringParameter("secure:gitHubApp.webhookSecret")
    var useUniqueCallback by booleanParameter("useUniqueRedirect")
}

fun ProjectFeatures.githubAppConnection(init: GitHubAppConnection.() -> Unit) = feature(GitHubAppConnection(), init)

class GitHubConnection : Connection("GitHub") {
    init {
        param("gitHubUrl", "https://github.com/")
        param("defaultTokenScope", "public_repo,repo,repo:status,write:repo_hook")
    }

    var displayName by stringParameter()
    var clientId by stringParameter()
    var clientSecret by stringParameter("secure:clientSecret")
}

fun ProjectFeatures.githubConnection(init: GitHubConnection.() -> Unit) = feature(GitHubConnection(), init)

class GHEConnection : Connection("GHE") {
    init {
        param("defaultTokenScope", "public_repo,repo,repo:status,write:repo_hook")
    }

    var displayName by stringParameter()
    var serverUrl by stringParameter("gitHubUrl")
    var clientId by stringParameter()
    var clientSecret by stringParameter("secure:clientSecret")
    var useUniqueCallback by booleanParameter("useUniqueRedirect")
}

fun ProjectFeatures.gheConnection(init: GHEConnection.() -> Unit) = feature(GHEConnection(), init)

class GitLabConnection : Connection("GitLabCom") {
    var displayName by stringParameter()
    var applicationId by stringParameter("clientId")
    var clientSecret by stringParameter("secure:clientSecret")
}

fun ProjectFeatures.gitlabConnection(init: GitLabConnection.() -> Unit) = feature(GitLabConnection(), init)

class GitLabEEConnection : Connection("GitLabCEorEE") {
    var displayName by stringParameter()
    var serverUrl by stringParameter("gitLabUrl")
    var applicationId by stringParameter("clientId")
    var clientSecret by stringParameter("secure:clientSecret")
    var useUniqueRedirect by booleanParameter()
}

fun ProjectFeatures.gitlabEEConnection(init: GitLabEEConnection.() -> Unit) = feature(GitLabEEConnection(), init)

class GoogleConnection : Connection("Google") {
    var displayName by stringParameter()
    var clientId by stringParameter("googleClientId")
    var clientSecret by stringParameter("secure:googleClientSecret")
}

fun ProjectFeatures.googleConnection(init: GoogleConnection.() -> Unit) = feature(GoogleConnection(), init)

class JetBrainsSpaceConnection : Connection("JetBrains Space") {
    var displayName by stringParameter()
    var serverUrl by stringParameter("spaceServerUrl")
    var clientId by stringParameter("spaceClientId")
    var clientSecret by stringParameter("secure:spaceClientSecret")
    var useUniqueRedirect by booleanParameter()
}

fun ProjectFeatures.spaceConnection(init: JetBrainsSpaceConnection.() -> Unit) = feature(JetBrainsSpaceConnection(), init)

class DockerRegistryConnection : Connection("Docker") {
    var name by stringParameter("displayName")
    var url by stringParameter("repositoryUrl")
    var userName by stringParameter()
    var password by stringParameter("secure:userPass")
}

fun ProjectFeatures.dockerRegistry(init: DockerRegistryConnection.() -> Unit) = feature(DockerRegistryConnection(), init)

class NpmRegistryConnection : Connection("NpmRegistry") {
    var name by stringParameter("displayName")
    var url by stringParameter("npmRegistryHost")
    var scope by stringParameter("npmRegistryScope")
    var token by stringParameter("secure:npmRegistryToken")
}

fun ProjectFeatures.npmRegistry(init: NpmRegistryConnection.() -> Unit) = feature(NpmRegistryConnection(), init)

class SlackConnection : Connection("slackConnection") {
    var displayName by stringParameter()
    var botToken by stringParameter("secure:token")
    var clientId by stringParameter()
    var clientSecret by stringParameter("secure:clientSecret")
    var serviceMessageMaxNotificationsPerBuild by stringParameter()
    var serviceMessageAllowedDomainNames by stringParameter()
}

fun ProjectFeatures.slackConnection(init: SlackConnection.() -> Unit) = feature(SlackConnection(), init)

class PerforceAdminConnection : Connection("PerforceAdmin") {
    var name by stringParameter("displayName")
    var port by stringParameter()
    var userName by stringParameter("user")
    var password by stringParameter("secure:passwd")
}

fun ProjectFeatures.perforceAdminAccess(init: PerforceAdminConnection.() -> Unit) = feature(PerforceAdminConnection(), init)

class HashiCorpVaultConnection : Connection("teamcity-vault") {
    var name by stringParameter("displayName")
    var vaultNamespace by stringParameter("vault-namespace")
    var url by stringParameter()
    var authMethod by compoundParameter<AuthMethod>("auth-method")

    sealed class AuthMethod(word: String) : CompoundParam(word) {
        class AppRole : AuthMethod("approle") {
            var endpointPath by stringParameter("endpoint")
            var roleId by stringParameter("role-id")
            var secretId by stringParameter("secure:secret-id")
        }

        class Ldap : AuthMethod("ldap") {
            var path by stringParameter()
            var username by stringParameter()
            var password by stringParameter("secure:password")
        }

        class GcpIam : AuthMethod("gcp-iam") {
            var gcpVaultRole by stringParameter("gcp-role")
            var gcpServiceAccount by stringParameter("gcp-service-account")
            var gcpEndpointPath by stringParameter("gcp-endpoint-path")
        }
    }

    fun appRole(init: AuthMethod.AppRole.() -> Unit) = AuthMethod.AppRole().apply(init)
    fun ldap(init: AuthMethod.Ldap.() -> Unit) = AuthMethod.Ldap().apply(init)
    fun gcpIam(init: AuthMethod.GcpIam.() -> Unit) = AuthMethod.GcpIam().apply(init)
}

fun ProjectFeatures.hashiCorpVaultConnection(init: HashiCorpVaultConnection.() -> Unit) = feature(HashiCorpVaultConnection(), init)

class KubernetesConnection : Connection("KubernetesConnection") {
    var name by stringParameter("displayName")
    var apiServerUrl by stringParameter()
    var caCertificate by stringParameter("secure:caCertData")
    var namespace by stringParameter()
    var authStrategy by compoundParameter<AuthStrategy>()

    sealed class AuthStrategy(word: String) : CompoundParam(word) {
        class Eks : AuthStrategy("eks") {
            var eksUseInstanceProfile by booleanParameter()
            var accessId by stringParameter("eksAccessId")
            var secretKey by stringParameter("secure:eksSecretKey")
            var assumeIamRole by booleanParameter("eksAssumeIAMRole")
            var iamRoleArn by stringParameter("eksIAMRoleArn")
            var clusterName by stringParameter("eksClusterName")
        }

        class UsernameAndPassword : AuthStrategy("user-passwd") {
            var username by stringParameter()
            var password by stringParameter("secure:password")
        }

        class OpenId : AuthStrategy("oidc") {
            var idpIssuerUrl by stringParameter()
            var clientId by stringParameter("oidcClientId")
            var clientSecret by stringParameter("secure:oidcClientSecret")
            var refreshToken by stringParameter("secure:oidcRefreshToken")
        }

        class ClientCertificateAndKey : AuthStrategy("client-cert") {
            var clientKey by stringParameter("secure:clientKeyData")
            var clientCertificate by stringParameter("secure:clientCertData")
        }

        class Token : AuthStrategy("token") {
            var token by stringParameter("secure:authToken")
        }

        class Unauthorized : AuthStrategy("unauthorized")
    }

    fun eks(init: AuthStrategy.Eks.() -> Unit) = AuthStrategy.Eks().apply(init)
    fun usernameAndPassword(init: AuthStrategy.UsernameAndPassword.() -> Unit) = AuthStrategy.UsernameAndPassword().apply(init)
    fun openId(init: AuthStrategy.OpenId.() -> Unit) = AuthStrategy.OpenId().apply(init)
    fun clientCertificateAndKey(init: AuthStrategy.ClientCertificateAndKey.() -> Unit) =
        AuthStrategy.ClientCertificateAndKey().apply(init)
    fun token(init: AuthStrategy.Token.() -> Unit) = AuthStrategy.Token().apply(init)
    fun unauthorized() = AuthStrategy.Unauthorized()
}

fun ProjectFeatures.kubernetesConnection(init: KubernetesConnection.() -> Unit) = feature(KubernetesConnection(), init)
