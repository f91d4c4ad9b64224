/**
 * Attributes of stored entities: those with the same names share one shape, and a policy that has read one of them knows where
 * the same attribute stands in all others.
 */
import type { Attributes, Result } from './value.ts'

export class Shape {
  readonly places: ReadonlyMap<string, number>
  constructor(names: readonly string[]) {
    this.places = new Map(names.map((name, place) => [name, place]))
  }
}

class Shaped implements Attributes {
  readonly shape: Shape
  readonly values: readonly Result[]

  constructor(shape: Shape, values: readonly Result[]) {
    this.shape = shape
    this.values = values
  }

  get(name: string): Result | undefined {
    const place = this.shape.places.get(name)
    return place === undefined ? undefined : this.values[place]
  }

  has(name: string): boolean {
    return this.shape.places.has(name)
  }
}

/** As many as a schema with many optional attributes has; more are no shapes, but what somebody made up. */
const most = 10_000

/** The shapes of one store. */
export class Shapes {
  private readonly known = new Map<string, Shape>()

  of(attributes: ReadonlyMap<string, Result>): Shaped {
    const names = [...attributes.keys()].sort()
    const key = JSON.stringify(names)
    const shape = this.known.get(key) ?? new Shape(names)
    // Entities keep theirs; those that come later share another.
    if (this.known.size >= most) this.known.clear()
    this.known.set(key, shape)
    return new Shaped(
      shape,
      names.map((name) => attributes.get(name) as Result),
    )
  }
}
