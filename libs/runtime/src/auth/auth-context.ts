/** The authenticated user. Passed as the first argument from the guard to the `where` clause, never looked up. */
export interface AuthContext {
  readonly tenantId: string;
  readonly userId: string;
  /** For logs only. */
  readonly requestId: string;
}
