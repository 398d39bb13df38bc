// How this Azure Resource Manager refuses what it has not.
import { ServiceError } from "../../http";

/** For what the real service has and this one has not. */
export const notModelled = (what: string): ServiceError =>
  new ServiceError(
    501,
    "NotImplemented",
    `The sandbox does not model ${what} of Azure Resource Manager (sandbox/clouds/resource-manager).`,
  );
