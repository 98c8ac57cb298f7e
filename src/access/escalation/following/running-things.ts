import type { Estate, RunningThing } from '../../../model/index.ts'
import type { WayTo } from '../ways/ways.ts'

/** Things that run with a role, as far as an estate says of any. */
export class RunningThings {
  /** Whether what is there and isn't among them is somebody else's: then nothing proves that a role is had by it. */
  readonly isListed: boolean
  readonly #byRole = new Map<string, RunningThing[]>()

  constructor({ running }: Pick<Estate, 'running'>) {
    this.isListed = running !== undefined
    for (const each of running ?? [])
      if (this.#byRole.get(each.has)?.push(each) === undefined) this.#byRole.set(each.has, [each])
  }

  /** Of a kind that a way is about, those that have a role. @param arn of the role */
  of({ reaches: { services, things } }: WayTo<'running'>, arn: string): readonly RunningThing[] {
    const held = this.#byRole.get(arn) ?? []
    return held.filter(({ thing, service }) => thing === things && services.includes(service))
  }
}
