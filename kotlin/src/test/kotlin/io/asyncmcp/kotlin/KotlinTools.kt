package io.asyncmcp.kotlin

import io.asyncmcp.OperationContext
import io.asyncmcp.server.AsyncTool
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flowOf
import kotlinx.coroutines.yield
import org.springframework.ai.mcp.annotation.McpTool
import org.springframework.ai.tool.annotation.Tool
import java.io.IOException

data class Report(val title: String, val note: String? = null)

class KotlinTools {

    val cancelled = CompletableDeferred<Boolean>()

    @AsyncTool
    suspend fun suspending(word: String): String {
        delay(1)
        return "said $word"
    }

    @AsyncTool
    suspend fun suspendingAtOnce(): String = "hello"

    @AsyncTool
    suspend fun suspendingUnit() {
        yield()
    }

    @AsyncTool
    suspend fun suspendingNull(): String? {
        yield()
        return null
    }

    @AsyncTool
    suspend fun suspendingFailure(): String {
        yield()
        throw IOException("the line is dead")
    }

    @AsyncTool
    suspend fun suspendingFlow(): Flow<Int> = flowOf(1, 2)

    @AsyncTool
    suspend fun suspendingWithContext(context: OperationContext, word: String): String {
        yield()
        context.progress(1.0, null, word)
        return "said $word"
    }

    @AsyncTool
    suspend fun suspendingDefaults(first: Int = 3, second: String?, third: String = "c"): String {
        yield()
        return "$first $second $third"
    }

    @AsyncTool(generateOutputSchema = true)
    suspend fun report(): Report = Report("a")

    @AsyncTool(generateOutputSchema = true)
    suspend fun reportOrNull(): Report? = null

    @AsyncTool(generateOutputSchema = true)
    fun reports(): Flow<Report> = flowOf(Report("a"), Report("b", "n"))

    @AsyncTool
    fun deferred(): Deferred<String> = CompletableDeferred("hello")

    @AsyncTool
    fun deferredUnit(): Deferred<Unit> = CompletableDeferred(Unit)

    @AsyncTool
    fun nullable(): String? = null

    @AsyncTool
    fun unit() = Unit

    @AsyncTool
    fun undeclared(): String = throw IOException("the disk is full")

    @AsyncTool
    fun defaults(first: Int = 3, second: String?, third: String = "c"): String = "$first $second $third"

    @AsyncTool(timeout = "0s")
    suspend fun held(): String =
        try {
            awaitCancellation()
        } finally {
            cancelled.complete(true)
        }

    @McpTool(name = "besideMcpTool")
    @AsyncTool
    suspend fun besideMcpTool(word: String): String {
        delay(1)
        return "said $word"
    }

    @Tool(name = "besideTool")
    @AsyncTool
    suspend fun besideTool(word: String): String {
        delay(1)
        return "said $word"
    }
}
