package patches.projects

import jetbrains.buildServer.configs.kotlin.*
import jetbrains.buildServer.configs.kotlin.projectFeatures.NpmRegistryConnection
import jetbrains.buildServer.configs.kotlin.projectFeatures.npmRegistry
import jetbrains.buildServer.configs.kotlin.ui.*

changeProject(RelativeId("Web")) {
    name = "Website"
    features {
        val feature1 = find<NpmRegistryConnection> {
            npmRegistry {
                id = "npm"
                name = "an earlier name"
            }
        }
        feature1.apply {
            name = "other"
        }
    }
}
