package Depot_Agents

import jetbrains.buildServer.configs.kotlin.v2017_2.*

version = "2017.2"
project(Depot_Agents.Project)
