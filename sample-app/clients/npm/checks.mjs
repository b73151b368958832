// What the checks share: a clock, a sample over stdio, and scenarios that are run one after the other.
import assert from "node:assert/strict";

export const PNG = [0x89, 0x50, 0x4e, 0x47];

const start = performance.now();
export const say = (text) =>
  console.log(`${((performance.now() - start) / 1000).toFixed(1).padStart(7)} s  ${text}`);

export const pause = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

export async function rejection(promise) {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new assert.AssertionError({ message: "an error was expected" });
}

/** What starts a sample that speaks over stdio, where nothing but messages may be on standard output. */
export function overStdio(jar) {
  const command = process.env.JAVA_HOME ? `${process.env.JAVA_HOME}/bin/java` : "java";
  const settings = [
    "--spring.main.web-application-type=none",
    "--spring.main.banner-mode=off",
    "--spring.ai.mcp.server.stdio=true",
    "--logging.threshold.console=off",
  ];
  return { command, args: ["-jar", jar, ...settings], stderr: "ignore" };
}

const tally = { passed: 0, failed: 0 };

/**
 * Runs scenarios. What `attempt` returns for one is a note on it; what it throws is a failure.
 */
export async function run(scenarios, attempt) {
  for (const [name, scenario] of Object.entries(scenarios)) {
    const outcome = await attempt(scenario).then(
      (note) => ({ note }),
      (error) => ({ error }),
    );
    if (outcome.error) {
      say(`FAILED  ${name}: ${outcome.error.stack}`);
      tally.failed++;
    } else {
      say(`ok      ${name}${outcome.note ? ` (${outcome.note})` : ""}`);
      tally.passed++;
    }
  }
}

/** Says how it went, and ends the process accordingly. */
export function end() {
  console.log(`${tally.passed} passed, ${tally.failed} failed`);
  process.exit(tally.passed > 0 && tally.failed === 0 ? 0 : 1);
}
