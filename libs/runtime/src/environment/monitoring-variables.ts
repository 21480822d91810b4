import { z } from 'zod';
import { httpUrl, port } from './schemas.js';
import { variable } from './variable.js';

const both = ['api', 'worker'] as const;

/** A variable that OpenTelemetry's SDK reads by itself. */
const ofSdk = (description: string, example: string, isSecret = false) =>
  variable({ schema: z.string().optional(), readBy: both, description, example, isSecret, isReadByLibrary: true });

const endpoint = httpUrl('must be the URL of an OTLP receiver, http://host:4318').optional();

/** Of metrics, health and traces. */
export const monitoringVariables = {
  METRICS_PORT: variable({
    schema: port().optional(),
    readBy: ['api'],
    description:
      'A port for `/metrics` of the API alone, without credentials: only a monitor should reach it ([operations](operations.md))',
    example: '9464',
    unset: 'none',
  }),
  METRICS_HOST: variable({
    schema: z.string().prefault('127.0.0.1'),
    readBy: ['api'],
    description: 'The address of that port',
    example: '0.0.0.0',
  }),
  WORKER_HEALTH_PORT: variable({
    schema: port().optional(),
    readBy: ['worker'],
    description: 'A port for `/metrics`, `/health/live` and `/health/ready` of a worker, without credentials',
    example: '9465',
    unset: 'none',
  }),
  WORKER_HEALTH_HOST: variable({
    schema: z.string().prefault('127.0.0.1'),
    readBy: ['worker'],
    description: 'The address of that port',
    example: '0.0.0.0',
  }),
  OTEL_EXPORTER_OTLP_ENDPOINT: variable({
    schema: endpoint,
    readBy: both,
    description: 'The OTLP receiver to which [traces](tracing.md) go',
    example: 'http://127.0.0.1:4318',
    unset: 'no traces',
    isReadByLibrary: true,
  }),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: variable({
    schema: endpoint,
    readBy: both,
    description: 'The same as a whole address, for traces alone',
    example: 'http://127.0.0.1:4318/v1/traces',
    isReadByLibrary: true,
  }),
  OTEL_EXPORTER_OTLP_HEADERS: ofSdk('Headers for the receiver', 'authorization=Bearer%20replace-me', true),
  OTEL_SERVICE_NAME: ofSdk('The name of the service in traces', 'support-chat'),
  OTEL_RESOURCE_ATTRIBUTES: ofSdk('Attributes of the process in traces', 'deployment.environment.name=production'),
  OTEL_TRACES_SAMPLER: ofSdk('Which traces are made', 'parentbased_traceidratio'),
  OTEL_TRACES_SAMPLER_ARG: ofSdk('The share of them', '0.1'),
  OTEL_SDK_DISABLED: ofSdk('`true`: no traces, whatever else is set', 'true'),
};
