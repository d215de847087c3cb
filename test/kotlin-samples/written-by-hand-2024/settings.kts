import jetbrains.buildServer.configs.kotlin.*
import jetbrains.buildServer.configs.kotlin.projectFeatures.*

version = "2024.03"

const val HOST = "registry.example.com"
val token = """
    |credentialsJSON:
    |""".trimMargin().trim()
val region = DslContext.getParameter("region", "eu-west-1")

class Team(val title: String) : Project({
    name = title
})

fun ProjectFeatures.standardRegistry(host: String) {
    dockerRegistry {
        id = "standard"
        name = host
    }
}

val registries = Project {
    id("Registries")
    name = "Registries \u0026 \"friends\" for \$1"
    description = """
        One
          ${'$'}two "three" \n
        on $HOST
    """.trimIndent()
}

project {
    params {
        text("team.mail", "ops@${"example.com"}", label = "Mail", allowEmpty = false)
        param(name = "answer", value = 42.toString())
        param("region", region)
    }

    features {
        standardRegistry("https://$HOST")
        for (name in listOf("a", "b")) {
            dockerRegistry {
                id = name
            }
        }
        if (DslContext.serverUrl == "https://ci.example.com") {
            npmRegistry { id = "npm" }
        }
        val shared = "https://$HOST/shared"
        dockerRegistry {
            id = "shared"
            this.name = ("Shared" + ' ' + 'r') + "egistry"
            url = shared
            userName = System.getenv("DOCKER_USER")
            password = region
        }
        feature(NpmRegistryConnection {
            id = "npm"
            name = "npm"
            scope = "@example"
            scope = "@shop"
            param("npmRegistryScope", "@last")
        })
    }

    subProject(registries)
    subProject(Team("A"))
    subProject {
        id("Inner")
        name = "Inner"
        subProject(Project({
            id(RelativeId("Innermost"))
            name = "${registries.id}"
        }))
    }
    listOf("x").forEach { subProject(Team(it)) }
}
