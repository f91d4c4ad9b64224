/**
 * Manual spans, sent over OTLP/HTTP only when an endpoint is set (automatic instrumentation costs three times a
 * request). The SDK is loaded only then. The ballot world's public routes never open one.
 */
import { SpanStatusCode, type Span, type Tracer } from '@opentelemetry/api'

export interface Traces {
  /** Runs work inside a span named after a route, never after a value. */
  span<T>(name: string, work: () => Promise<T>): Promise<T>
  stop(): Promise<void>
}

export const noTraces: Traces = { span: (_name, work) => work(), stop: () => Promise.resolve() }

export async function createTraces(service: string, endpoint: string | undefined): Promise<Traces> {
  if (endpoint === undefined) return noTraces
  const [{ TracerProvider, BatchSpanProcessor }, { OTLPTraceExporter }, { resourceFromAttributes }] =
    await Promise.all([
      import('@opentelemetry/sdk-trace'),
      import('@opentelemetry/exporter-trace-otlp-http'),
      import('@opentelemetry/resources'),
    ])
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/$/, '')}/v1/traces` })
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': `althing-${service}` }),
    spanProcessors: [new BatchSpanProcessor({ exporter })],
  })
  const tracer: Tracer = provider.getTracer('althing')
  return { span: (name, work) => inSpan(tracer, name, work), stop: () => provider.shutdown() }
}

async function inSpan<T>(tracer: Tracer, name: string, work: () => Promise<T>): Promise<T> {
  const span: Span = tracer.startSpan(name)
  try {
    return await work()
  } catch (error) {
    span.setStatus({ code: SpanStatusCode.ERROR })
    throw error
  } finally {
    span.end()
  }
}
