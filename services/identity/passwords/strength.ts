/**
 * How hard a password is to guess, from 0 to 4, as zxcvbn estimates it: words, names, keyboards, dates and the commonest passwords, which
 * lie here, so that they are refused without any network.
 */
export interface Strength {
  readonly score: number
  /** It stands on the list itself, whatever its score. */
  readonly isCommon: boolean
}
export type Rate = (password: string, about: readonly string[]) => Promise<Strength>

/** What is longer is not looked at to its end: the work grows with the square, and 72 characters say enough. */
const looked = 72
const commonest = 10_000

/** The dictionaries are some 40 MB in memory: loaded when somebody first chooses a password, not when the service starts. */
export function createRate(): Rate {
  let loading: ReturnType<typeof load> | undefined
  return async function rate(password, about) {
    loading ??= load()
    const { check, common } = await loading
    const plain = password.toLowerCase()
    return { score: check(password.slice(0, looked), [...about]), isCommon: common.has(plain) }
  }
}

async function load() {
  const [{ ZxcvbnFactory }, { adjacencyGraphs, dictionary }] = await Promise.all([
    import('@zxcvbn-ts/core'),
    import('@zxcvbn-ts/language-common'),
  ])
  const zxcvbn = new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs })
  const common = new Set(dictionary['passwords-common'].slice(0, commonest).map(String))
  return { common, check: (password: string, about: string[]) => zxcvbn.check(password, about).score }
}
