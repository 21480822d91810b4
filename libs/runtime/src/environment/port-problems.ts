type Texts = Readonly<Record<string, string | undefined>>;

/** The defaults of HOST, METRICS_HOST and PORT. */
const LOOPBACK = '127.0.0.1';
const API_PORT = '8000';
const EVERYWHERE = new Set(['0.0.0.0', '::', '[::]']);

/** Two servers of one process that would listen at the same place: the second could never start. */
export function portProblems(given: Texts): string[] {
  const port = given['PORT'] ?? API_PORT;
  const metrics = given['METRICS_PORT'];
  if (metrics === undefined || Number(metrics) === 0 || Number(metrics) !== Number(port)) return [];
  const hosts = [given['HOST'] ?? LOOPBACK, given['METRICS_HOST'] ?? LOOPBACK];
  if (hosts[0] !== hosts[1] && !hosts.some((host) => EVERYWHERE.has(host))) return [];
  return [`METRICS_PORT: ${metrics} is the port of the API itself (PORT): give the metrics one of their own`];
}
