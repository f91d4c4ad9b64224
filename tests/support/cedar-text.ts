/** Policies as a test writes them down, in the JSON that is decided with. */
import { createLanguage } from '../../services/policy/language/cedar.ts'
import { createParserThreads } from '../../services/policy/language/threads.ts'

export async function parsePolicies(text: string) {
  const threads = createParserThreads()
  try {
    return await createLanguage(threads).parse(text)
  } finally {
    await threads.close()
  }
}
