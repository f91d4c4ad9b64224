/** What a running service has counted, by name and labels, without the label that names the service itself. */
import type { TestService } from './service.ts'

export async function counted(
  service: Pick<TestService, 'name' | 'fetchManagement'>,
): Promise<Record<string, number>> {
  const text = await (await service.fetchManagement(new Request('http://localhost/metrics'))).text()
  const lines = text.split('\n').filter((line) => line.startsWith('id_'))
  return Object.fromEntries(
    lines.map((line) => {
      const at = line.lastIndexOf(' ')
      const name = line
        .slice(0, at)
        .replace(new RegExp(`service="${service.name}",?`), '')
        .replace(/,?\}/, '}')
        .replace('{}', '')
      return [name, Number(line.slice(at + 1))]
    }),
  )
}
