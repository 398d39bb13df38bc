// When an access key was last used, and for what: as IAM remembers it, since the sandbox was started.

export interface Use {
  /** ISO 8601. */
  readonly date: string;
  readonly service: string;
  readonly region: string;
}

export class KeyUse {
  private readonly uses = new Map<string, Use>();

  note(accessKeyId: string, use: Use): void {
    this.uses.set(accessKeyId, use);
  }

  of(accessKeyId: string): Use | undefined {
    return this.uses.get(accessKeyId);
  }
}
