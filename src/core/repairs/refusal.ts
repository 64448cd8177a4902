/** Thrown inside a repair where it turns out that the file cannot be repaired; the plan says `impossible`. */
export class Refusal extends Error {
  constructor(
    /** A stable word in kebab case. */
    readonly reason: string,
    /** A plain sentence. */
    message: string,
  ) {
    super(message);
    this.name = 'Refusal';
  }
}
