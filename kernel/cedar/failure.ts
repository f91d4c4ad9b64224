/**
 * Why an expression has no value. It is handed up as a value and never thrown: an error in one of many policies is nothing
 * unusual in Cedar, and must cost no more than a decision does.
 */
export class Failure {
  readonly message: string
  constructor(message: string) {
    this.message = message
  }
}

/** What was given cannot be used at all: a policy, an entity, a schema. Said when it is read, never at a decision. */
export class Refused extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'Refused'
  }
}
