package io.asyncmcp.kotlin

import io.asyncmcp.server.AsyncTool
import io.reactivex.rxjava3.core.Completable
import io.reactivex.rxjava3.core.Flowable
import io.reactivex.rxjava3.core.Maybe
import io.reactivex.rxjava3.core.Observable
import io.reactivex.rxjava3.core.Single
import io.smallrye.mutiny.Multi
import io.smallrye.mutiny.Uni
import java.io.IOException

class ReactiveTools {

    @AsyncTool
    fun single(): Single<String> = Single.just("hello")

    @AsyncTool
    fun singleFailed(): Single<String> = Single.error(IOException("the line is dead"))

    @AsyncTool
    fun maybe(): Maybe<String> = Maybe.just("hello")

    @AsyncTool
    fun maybeEmpty(): Maybe<String> = Maybe.empty()

    @AsyncTool
    fun flowable(): Flowable<Int> = Flowable.just(1, 2)

    @AsyncTool(generateOutputSchema = true)
    fun observable(): Observable<Report> = Observable.just(Report("a"))

    @AsyncTool
    fun completable(): Completable = Completable.complete()

    @AsyncTool
    fun uni(): Uni<String> = Uni.createFrom().item("hello")

    @AsyncTool
    fun uniEmpty(): Uni<String> = Uni.createFrom().nullItem()

    @AsyncTool
    fun uniVoid(): Uni<Void> = Uni.createFrom().voidItem()

    @AsyncTool
    fun multi(): Multi<Int> = Multi.createFrom().items(1, 2)
}
