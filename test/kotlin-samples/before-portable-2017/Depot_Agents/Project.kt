package Depot_Agents

import jetbrains.buildServer.configs.kotlin.v2017_2.*
import jetbrains.buildServer.configs.kotlin.v2017_2.Project

object Project : Project({
    uuid = "11111111-2222-4333-8444-666666666666"
    id = "Depot_Agents"
    parentId = "Depot"
    name = "Agents"
})
