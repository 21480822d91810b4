/** What decides where a turn begins. */
interface Row {
  readonly type: string;
}

/**
 * The rows of a window, newest first, without a turn that it cuts: a turn begins with a message of the user, and holds its
 * answer, calls of client tools with what continues them, forms and widgets. `rows` has one more than `limit` when there is
 * more.
 * @returns undefined when the turn that is being answered is the one that is cut: the window does not hold its beginning
 */
export function wholeTurns<R extends Row>(rows: readonly R[], limit: number): readonly R[] | undefined {
  if (rows.length <= limit) return rows;
  const window = rows.slice(0, limit);
  const begins = window.findLastIndex(({ type }) => type === 'user_message');
  return begins < 0 ? undefined : window.slice(0, begins + 1);
}
