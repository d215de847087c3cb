import jetbrains.buildServer.configs.kotlin.*
import jetbrains.buildServer.configs.kotlin.projectFeatures.*

version = "2022.10"

project {
    params {
        param("kept", "1")
        param("changed", "1")
        param("removed", "1")
    }
    features {
        dockerRegistry {
            id = "PROJECT_EXT_1"
            name = "Docker"
            userName = "old"
        }
        dockerRegistry {
            id = "PROJECT_EXT_2"
            name = "Unused"
        }
        feature {
            id = "PROJECT_EXT_3"
            type = "keepRules"
            param("limit", "all")
        }
    }
    subProject(Old)
    subProject(Web)
}

object Old : Project({
    name = "Old"
})

object Web : Project({
    name = "Web"
    features {
        npmRegistry {
            id = "npm"
            name = "npm"
        }
    }
})
