// Stand-ins for TeamCity's Kotlin DSL, written from its documentation: as much of it as settings with connections use.
package jetbrains.buildServer.configs.kotlin

import kotlin.reflect.KProperty

var version: String = ""

/** The project that the settings describe. */
var described: Project? = null

fun project(project: Project) {
    described = project
}

fun project(init: Project.() -> Unit) {
    described = Project(init)
}

sealed class Id(val value: String)

class RelativeId(value: String) : Id(value)

class AbsoluteId(value: String) : Id(value)

open class Parametrized {
    val stored = sortedMapOf<String, String>()

    fun param(name: String, value: String) {
        stored[name] = value
    }

    protected fun stringParameter(name: String? = null) = StringParameter(name)

    protected fun booleanParameter(name: String? = null) = BooleanParameter(name)

    protected fun <T : CompoundParam> compoundParameter(name: String? = null) = CompoundParameter<T>(name)
}

class StringParameter(private val name: String?) {
    operator fun getValue(owner: Parametrized, property: KProperty<*>): String? = owner.stored[name ?: property.name]

    operator fun setValue(owner: Parametrized, property: KProperty<*>, value: String?) {
        if (value != null) owner.stored[name ?: property.name] = value
    }
}

class BooleanParameter(private val name: String?) {
    operator fun getValue(owner: Parametrized, property: KProperty<*>): Boolean? = owner.stored[name ?: property.name]?.toBoolean()

    operator fun setValue(owner: Parametrized, property: KProperty<*>, value: Boolean?) {
        if (value != null) owner.stored[name ?: property.name] = value.toString()
    }
}

/** The value of a compound property: a word, with parameters that are stored beside it. */
open class CompoundParam(val word: String) : Parametrized()

class CompoundParameter<T : CompoundParam>(private val name: String?) {
    operator fun getValue(owner: Parametrized, property: KProperty<*>): T? = null

    operator fun setValue(owner: Parametrized, property: KProperty<*>, value: T?) {
        if (value == null) return
        owner.stored[name ?: property.name] = value.word
        owner.stored.putAll(value.stored)
    }
}

open class ProjectFeature : Parametrized() {
    var id: String? = null
    var type: String = ""
}

class ProjectFeatures {
    val items = mutableListOf<ProjectFeature>()

    fun feature(init: ProjectFeature.() -> Unit) {
        items += ProjectFeature().apply(init)
    }

    fun <T : ProjectFeature> feature(feature: T, init: T.() -> Unit) {
        items += feature.apply(init)
    }
}

open class Project(init: Project.() -> Unit = {}) {
    var id: Id? = null
    var name: String = ""
    var description: String = ""
    var archived: Boolean = false
    val params = Parametrized()
    val features = ProjectFeatures()
    val subProjects = mutableListOf<Project>()

    init {
        init()
    }

    fun id(relative: String) {
        id = RelativeId(relative)
    }

    fun params(init: Parametrized.() -> Unit) = params.init()

    fun features(init: ProjectFeatures.() -> Unit) = features.init()

    fun subProject(project: Project) {
        subProjects += project
    }
}
