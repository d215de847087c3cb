package Web.vcsRoots

import jetbrains.buildServer.configs.kotlin.v2019_2.vcs.GitVcsRoot

object Web_Git : GitVcsRoot({
    name = "git"
})
