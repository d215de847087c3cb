package Web_Shop

import jetbrains.buildServer.configs.kotlin.v2019_2.*
import jetbrains.buildServer.configs.kotlin.v2019_2.Project

object Project : Project({
    id = AbsoluteId("Elsewhere_Shop")
    name = "Shop"
    archived = true
})
