/** The authenticated user. Passed as the first argument from the guard to the `where` clause, never looked up. */
export interface AuthContext {
  readonly tenantId: string;
  readonly userId: string;
  /** What the caller may do besides using their own data, such as `admin`. Known to the API only: a run carries none. */
  readonly roles: readonly string[];
  /** For logs only. */
  readonly requestId: string;
}
