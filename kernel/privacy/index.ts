/** What a service holds about a person: given to them, and erased, from one list of its tables. */
export { uncovered } from './coverage.ts'
export type { PersonData, PersonTable, Section } from './shape.ts'
export { collect, erase } from './tables.ts'
