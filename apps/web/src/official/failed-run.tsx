/** Below the component, which shows that an answer has failed: the run to look for in the logs, or to report. */
export function FailedRun({ runId }: { readonly runId: string | undefined }) {
  return (
    <p className="failed-run" role="status">
      {runId !== undefined && (
        <>
          The last answer failed. Run: <code>{runId}</code>
        </>
      )}
    </p>
  );
}
