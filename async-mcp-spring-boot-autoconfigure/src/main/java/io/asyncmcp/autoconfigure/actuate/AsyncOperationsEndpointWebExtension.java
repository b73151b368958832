package io.asyncmcp.autoconfigure.actuate;

import io.asyncmcp.autoconfigure.actuate.AsyncOperationsEndpoint.CancellationDescriptor;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;

/**
 * Answers the cancellation of an unknown operation with 404, where HTTP would have 204 for "nothing".
 *
 * @since 0.1.0
 */
@EndpointWebExtension(endpoint = AsyncOperationsEndpoint.class)
public final class AsyncOperationsEndpointWebExtension {

    private final AsyncOperationsEndpoint endpoint;

    /**
     * Creates the extension.
     *
     * @param endpoint what does the work
     */
    public AsyncOperationsEndpointWebExtension(AsyncOperationsEndpoint endpoint) {
        this.endpoint = endpoint;
    }

    /**
     * Cancels an operation.
     *
     * @param id the operation's id, or its hash as the list shows it
     * @return 200 with what came of it, or 404
     */
    @DeleteOperation
    public WebEndpointResponse<CancellationDescriptor> cancel(@Selector String id) {
        CancellationDescriptor cancellation = endpoint.cancel(id);
        return cancellation == null
                ? new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND)
                : new WebEndpointResponse<>(cancellation);
    }
}
