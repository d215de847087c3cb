// Prints what settings describe, as one JSON array of projects.
package recorder

import jetbrains.buildServer.configs.kotlin.AbsoluteId
import jetbrains.buildServer.configs.kotlin.Project
import jetbrains.buildServer.configs.kotlin.described

fun record(topId: String, settings: () -> Unit): String {
    described = null
    settings()
    val lines = mutableListOf<String>()
    fun visit(project: Project, id: String, parentId: String?) {
        lines += json(project, id, parentId)
        for (child in project.subProjects) visit(child, absoluteId(child, topId), id)
    }
    visit(described!!, topId, null)
    return lines.joinToString(",\n", "[", "]")
}

/** The ID of an object without one is its name. */
private fun absoluteId(project: Project, topId: String): String {
    val id = project.id ?: return topId + "_" + project.javaClass.simpleName
    return if (id is AbsoluteId) id.value else topId + "_" + id.value
}

private fun json(project: Project, id: String, parentId: String?): String {
    val features = project.features.items.joinToString(",", "[", "]") {
        "{\"id\":${quote(it.id)},\"type\":${quote(it.type)},\"params\":${json(it.stored)}}"
    }
    return "{\"id\":${quote(id)},\"parentId\":${quote(parentId)},\"name\":${quote(project.name)}," +
        "\"description\":${quote(project.description)},\"archived\":${project.archived}," +
        "\"parameters\":${json(project.params.stored)},\"features\":$features}"
}

private fun json(texts: Map<String, String>): String = texts.entries.joinToString(",", "{", "}") { "${quote(it.key)}:${quote(it.value)}" }

private fun quote(text: String?): String =
    text?.map { if (it in ' '..'~' && it != '"' && it != '\\') it.toString() else "\\u%04x".format(it.code) }?.joinToString("", "\"", "\"") ?: "null"
