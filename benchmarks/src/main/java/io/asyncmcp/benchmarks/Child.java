package io.asyncmcp.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A JVM of its own for one measurement, which prints what it measured as {@code name=number}. */
public final class Child {

    private Child() {}

    /** The program that starts a JVM like this one. */
    public static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /**
     * Runs a class and waits for its end.
     *
     * @param main what to run, on this JVM's class path
     * @param jvmOptions for example {@code -Xmx4g}
     * @param arguments what it is given
     * @return what it printed
     * @throws IllegalStateException if it fails
     */
    public static Map<String, Double> measure(Class<?> main, List<String> jvmOptions, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(java(), "-cp", System.getProperty("java.class.path")));
        command.addAll(jvmOptions);
        command.add(main.getName());
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        Map<String, Double> measured = new HashMap<>();
        List<String> rest = new ArrayList<>();
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                int equals = line.indexOf('=');
                if (line.startsWith("measured ") && equals > 0) {
                    measured.put(
                            line.substring("measured ".length(), equals),
                            Double.parseDouble(line.substring(equals + 1)));
                } else {
                    rest.add(line);
                }
            }
        }
        if (process.waitFor() != 0) {
            throw new IllegalStateException(main.getSimpleName() + " failed:\n" + String.join("\n", rest));
        }
        return measured;
    }

    /**
     * What both sides of a run measured.
     *
     * @param starter with the starter
     * @param baseline without
     */
    public record Pair(Map<String, Double> starter, Map<String, Double> baseline) {

        /** One number of both. */
        public Comparison compare(String name, String what, String unit, Target target) {
            return new Comparison(what, unit, number(starter, name), number(baseline, name), target);
        }

        private static double number(Map<String, Double> measured, String name) {
            Double number = measured.get(name);
            if (number == null) {
                throw new IllegalStateException("there is no " + name + " in " + measured);
            }
            return number;
        }
    }

    /**
     * Measures both sides, the baseline first in every other run.
     *
     * @param number the number of the run
     * @param main what to run; its first argument is {@code starter} or {@code baseline}
     * @param jvmOptions for example {@code -Xmx4g}
     * @param arguments its further arguments
     * @return what they measured
     */
    public static Pair measureBoth(int number, Class<?> main, List<String> jvmOptions, Object... arguments)
            throws IOException, InterruptedException {
        Map<String, Map<String, Double>> measured = new HashMap<>();
        for (String side : number % 2 == 0 ? List.of("baseline", "starter") : List.of("starter", "baseline")) {
            List<String> all = new ArrayList<>(List.of(side));
            for (Object argument : arguments) {
                all.add(argument.toString());
            }
            measured.put(side, measure(main, jvmOptions, all.toArray(String[]::new)));
        }
        return new Pair(measured.getOrDefault("starter", Map.of()), measured.getOrDefault("baseline", Map.of()));
    }

    /** What the child calls. */
    public static void print(String name, double number) {
        System.out.println("measured " + name + "=" + number);
    }
}
