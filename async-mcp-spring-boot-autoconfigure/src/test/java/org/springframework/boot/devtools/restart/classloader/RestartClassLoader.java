package org.springframework.boot.devtools.restart.classloader;

/** Has the name by which an application knows that devtools has started it. Devtools itself would restart the tests. */
public final class RestartClassLoader extends ClassLoader {

    public RestartClassLoader(ClassLoader parent) {
        super(parent);
    }
}
