package _Self

import jetbrains.buildServer.configs.kotlin.v2019_2.*
import jetbrains.buildServer.configs.kotlin.v2019_2.Project
import jetbrains.buildServer.configs.kotlin.v2019_2.projectFeatures.dockerRegistry as registry
import jetbrains.buildServer.configs.kotlin.v2019_2.projectFeatures.githubConnection

object Project : Project({
    description = "Many files"

    features {
        githubConnection {
            id = "PROJECT_EXT_1"
            displayName = "GitHub.com"
            clientId = "0123"
            clientSecret = "credentialsJSON:00000000-0000-4000-8000-000000000001"
        }
        registry {
            id = "PROJECT_EXT_2"
            name = "Docker"
            url = common.Addresses.REGISTRY
        }
    }

    subProject(Web.Project)
})
