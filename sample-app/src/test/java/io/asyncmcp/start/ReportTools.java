package io.asyncmcp.start;

import io.asyncmcp.OperationContext;
import io.asyncmcp.server.AsyncTool;
import org.springframework.stereotype.Component;

@Component
class ReportTools {

    @AsyncTool(name = "yearly_report", description = "Writes the report of a year")
    String yearlyReport(int year, OperationContext operation) throws InterruptedException {
        for (int month = 1; month <= 12; month++) {
            summarize(year, month);
            operation.progress(month, 12.0, "month " + month + " of 12");
        }
        return "The report of " + year + " is written.";
    }

    private static void summarize(int year, int month) throws InterruptedException {
        Thread.sleep(10);
    }
}
