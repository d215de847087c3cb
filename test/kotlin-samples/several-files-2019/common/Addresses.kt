package common

object Addresses {
    private const val HOST = "example.com"
    const val BASE = "https://$HOST"
    val REGISTRY = "https://registry." + HOST + ":" + 5000
}

val team: String = "Ops"
