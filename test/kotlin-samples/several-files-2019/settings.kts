import jetbrains.buildServer.configs.kotlin.v2019_2.*

version = "2020.2"

project(_Self.Project)
