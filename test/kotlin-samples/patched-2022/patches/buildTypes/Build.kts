package patches.buildTypes

changeBuildType(RelativeId("Build")) {
    name = "Compile"
}
