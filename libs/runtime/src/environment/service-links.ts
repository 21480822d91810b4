/**
 * What Kubernetes puts into every container for each service of its namespace, and Docker for linked containers, by the rules of
 * both: `REDIS_PORT=tcp://10.0.0.1:6379`, `REDIS_SERVICE_HOST`, `REDIS_PORT_6379_TCP_ADDR`, `REDIS_NAME=/web/redis`. A service
 * may be named so that its variables look like ours.
 */
export function isServiceLink(name: string, value = ''): boolean {
  if (LINK.test(name)) return true;
  if (name.endsWith('_PORT')) return /^(tcp|udp|sctp):\/\//.test(value);
  return name.endsWith('_NAME') && /^\/[\w.-]+\/[\w.-]+$/.test(value);
}

const LINK =
  /_(SERVICE_HOST|SERVICE_PORT(_[A-Z\d_]+)?|PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR|START|END))?|ENV_\w+)$/;
