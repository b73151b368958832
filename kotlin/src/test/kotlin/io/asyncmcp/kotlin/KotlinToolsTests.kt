package io.asyncmcp.kotlin

import io.asyncmcp.AsyncExecutor
import io.asyncmcp.OperationOwner
import io.asyncmcp.autoconfigure.AsyncMcpAutoConfiguration
import io.asyncmcp.autoconfigure.AsyncMcpServerAutoConfiguration
import io.asyncmcp.server.OperationOwnerResolver
import io.asyncmcp.server.tool.AsyncTools
import io.modelcontextprotocol.common.McpTransportContext
import io.modelcontextprotocol.server.McpStatelessServerFeatures.SyncToolSpecification
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest
import io.modelcontextprotocol.spec.McpSchema.CallToolResult
import io.modelcontextprotocol.spec.McpSchema.TextContent
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.AfterAll
import org.junit.jupiter.api.BeforeAll
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.TestInstance
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.CsvSource
import org.springframework.ai.mcp.McpToolUtils
import org.springframework.ai.mcp.annotation.provider.tool.SyncStatelessMcpToolProvider
import org.springframework.ai.tool.method.MethodToolCallbackProvider
import org.springframework.context.annotation.AnnotationConfigApplicationContext
import java.util.function.Supplier

/** Functions of Kotlin, and the types that Spring has adapters for, are tools like others. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KotlinToolsTests {

    private val context = AnnotationConfigApplicationContext()

    private val kotlin = KotlinTools()

    private val owners = OperationOwnerResolver { _, _ -> OperationOwner.principal("test") }

    private lateinit var tools: Map<String, SyncToolSpecification>

    @BeforeAll
    fun start() {
        context.register(
            AsyncMcpAutoConfiguration::class.java,
            AsyncMcpServerAutoConfiguration::class.java,
            ReactiveTools::class.java,
        )
        context.registerBean("kotlinTools", KotlinTools::class.java, Supplier { kotlin })
        context.registerBean("owners", OperationOwnerResolver::class.java, Supplier { owners })
        context.registerBean("toolsOfSpringAi", List::class.java, Supplier { toolsOfSpringAi() })
        context.refresh()
        tools = (context.getBean(AsyncTools::class.java).statelessSyncTools() + context.getBean(List::class.java))
            .map { it as SyncToolSpecification }
            .associateBy { it.tool().name() }
    }

    /** What Spring AI makes of the annotated functions, before they are made asynchronous. */
    private fun toolsOfSpringAi(): List<SyncToolSpecification> {
        val callbacks = MethodToolCallbackProvider.builder().toolObjects(kotlin).build().toolCallbacks
        return SyncStatelessMcpToolProvider(listOf<Any>(kotlin)).toolSpecifications +
            callbacks.map { McpToolUtils.toStatelessSyncToolSpecification(it, null) }
    }

    @AfterAll
    fun stop() = context.close()

    private fun call(tool: String, vararg arguments: Pair<String, Any?>): CallToolResult =
        tools.getValue(tool).callHandler().apply(
            McpTransportContext.EMPTY,
            CallToolRequest.builder(tool).arguments(mapOf(*arguments)).build(),
        )

    private fun text(result: CallToolResult) = (result.content()[0] as TextContent).text()

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = [
            "suspendingAtOnce | hello",
            "suspendingUnit | \"Done\"",
            "suspendingNull | null",
            "suspendingFlow | [1,2]",
            "deferred | hello",
            "deferredUnit | \"Done\"",
            "nullable | null",
            "unit | \"Done\"",
            "single | hello",
            "maybe | hello",
            "flowable | [1,2]",
            "completable | \"Done\"",
            "uni | hello",
            "uniVoid | \"Done\"",
            "multi | [1,2]",
        ],
    )
    fun answers(tool: String, expected: String) {
        val result = call(tool)
        assertThat(result.isError).describedAs("%s", result).isNotEqualTo(true)
        assertThat(text(result)).isEqualTo(expected)
    }

    @ParameterizedTest
    @CsvSource(
        "suspendingFailure, failed: the line is dead",
        "undeclared, failed: the disk is full",
        "singleFailed, failed: the line is dead",
        "maybeEmpty, returned no result",
        "uniEmpty, returned no result",
    )
    fun fails(tool: String, expected: String) {
        val result = call(tool)
        assertThat(result.isError).isTrue()
        assertThat(text(result)).contains(tool, expected)
    }

    @ParameterizedTest
    @CsvSource("suspending", "suspendingWithContext", "besideMcpTool", "besideTool")
    fun suspendingFunctionTakesItsArgumentsAlone(tool: String) {
        val schema = tools.getValue(tool).tool().inputSchema()
        assertThat((schema["properties"] as Map<*, *>).keys).isEqualTo(setOf("word"))
        assertThat(schema["required"]).isEqualTo(listOf("word"))
        assertThat(schema.keys).doesNotContain("\$defs")
        assertThat(text(call(tool, "word" to "a"))).isEqualTo("said a")
        assertThat(text(call(tool))).contains("argument word of $tool is missing")
    }

    @ParameterizedTest
    @CsvSource("defaults", "suspendingDefaults")
    fun whatHasADefaultOrMayBeNullMayBeLeftOut(tool: String) {
        assertThat(tools.getValue(tool).tool().inputSchema()["required"]).isEqualTo(emptyList<String>())
        assertThat(text(call(tool))).isEqualTo("3 null c")
        assertThat(text(call(tool, "first" to 1, "second" to "b", "third" to "d"))).isEqualTo("1 b d")
    }

    @Test
    fun outputSchemasFit() {
        assertThat(call("report").structuredContent()).isEqualTo(mapOf("title" to "a", "note" to null))
        assertThat(call("reportOrNull").structuredContent()).isEqualTo(mapOf("result" to null))
        assertThat(call("reports").structuredContent()).isEqualTo(
            mapOf("result" to listOf(mapOf("title" to "a", "note" to null), mapOf("title" to "b", "note" to "n"))),
        )
        assertThat(call("observable").structuredContent())
            .isEqualTo(mapOf("result" to listOf(mapOf("title" to "a", "note" to null))))
    }

    @Test
    fun cancellationEndsACoroutine() {
        val id = (call("held").structuredContent() as Map<*, *>)["operation_id"] as String
        assertThat(context.getBean(AsyncExecutor::class.java).cancel(id, null)).isTrue()
        runBlocking { assertThat(withTimeout(30_000) { kotlin.cancelled.await() }).isTrue() }
    }
}
