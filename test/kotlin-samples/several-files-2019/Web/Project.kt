package Web

import Web.vcsRoots.*
import common.Addresses
import common.team as owner
import jetbrains.buildServer.configs.kotlin.v2019_2.*
import jetbrains.buildServer.configs.kotlin.v2019_2.Project
import jetbrains.buildServer.configs.kotlin.v2019_2.projectFeatures.*

object Project : Project({
    id("Web")
    name = "Web of $owner"
    vcsRoot(Web_Git)

    features {
        gitlabEEConnection {
            id = "PROJECT_EXT_3"
            displayName = "GitLab"
            serverUrl = "${Addresses.BASE}/gitlab"
            applicationId = "app"
            clientSecret = "credentialsJSON:00000000-0000-4000-8000-000000000002"
        }
    }

    subProject(Web_Shop.Project)
})
