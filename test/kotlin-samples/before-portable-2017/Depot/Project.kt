package Depot

import jetbrains.buildServer.configs.kotlin.v2017_2.*
import jetbrains.buildServer.configs.kotlin.v2017_2.Project

object Project : Project({
    uuid = "11111111-2222-4333-8444-555555555555"
    id = "Depot"
    parentId = "_Root"
    name = "Depot of agents"

    features {
        feature {
            id = "PROJECT_EXT_1"
            type = "OAuthProvider"
            param("displayName", "Docker")
            param("providerType", "Docker")
            param("repositoryUrl", "https://docker.io")
        }
    }
})
