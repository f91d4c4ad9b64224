/**
 * Loaded before a service that is measured: the parts that start it were made for tests, and the runner of tests watches every promise that
 * is made, which nothing does in production. Here it is not loaded; whatever would be done after a test is done when the process ends.
 */
import { registerHooks } from 'node:module'

const nothing =
  'data:text/javascript,export const after = () => {}; export const before = after; export const test = after'

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'node:test'
      ? { url: nothing, format: 'module', shortCircuit: true }
      : next(specifier, context),
})
