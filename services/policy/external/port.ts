/**
 * What an engine of an organisation's own is asked, whichever it is: the question in AuthZEN's words, with the attributes that its setting
 * names and no others. What it says is a yes or a no, and perhaps why, for people.
 */
interface Thing {
  readonly type: string
  readonly id: string
  readonly properties: Readonly<Record<string, unknown>>
}

export interface AskedOutside {
  readonly subject: Thing
  readonly action: { readonly name: string; readonly properties: Readonly<Record<string, unknown>> }
  readonly resource: Thing
  readonly context: Readonly<Record<string, unknown>>
}

/** For people, as text: whoever shows it escapes it. What is said in no language is taken for English, as all that machines say. */
export interface Words {
  readonly en?: string
  readonly is?: string
}

export interface Said {
  readonly decision: boolean
  readonly reason?: Words
}

export interface EnginePort {
  /**
   * Asked once, within so many milliseconds.
   * @throws Fault policy.external.* or kernel.egress.*: nothing that came is a yes then
   */
  ask(asked: AskedOutside, milliseconds: number): Promise<Said>
}
