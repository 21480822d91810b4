/** The name of this process among the API's instances: part of the channels that it listens on. */
export class InstanceId {
  constructor(readonly id: string) {}
}
