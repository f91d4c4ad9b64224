/**
 * What a process that a test starts gets of ours: where programs are, and where compiled ones are kept. Nothing else: settings of whoever
 * runs the tests are not settings of the story.
 */
export function inherited(): Record<string, string> {
  const names = ['PATH', 'HOME', 'NODE_COMPILE_CACHE']
  return Object.fromEntries(
    names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  )
}
