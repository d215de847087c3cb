import { pair, sealed, text } from "../../contract/params.js";
import * as schema from "../../model/schema.js";
import { accessKeyId } from "./formats.js";

/** The two forms of an access key in settings: one secret that keeps the pair, or the ID with the secret access key. */
export const accessKeySettings = {
  managed: {
    accessKey: schema.managedSecret.describe(
      "One secret that keeps access key ID and secret access key together: rotation then needs no edit of the settings.",
    ),
  },
  explicit: {
    accessKeyId: schema.text.describe("The access key ID of an IAM user."),
    secretAccessKey: schema.secret.describe("The secret access key that belongs to it."),
  },
};

/** How both forms are stored: under the same two names. */
export function accessKeyParams(idName: string, secretName: `secure:${string}`) {
  const id = text(idName, "accessKeyId", { format: accessKeyId });
  const secret = sealed(secretName, "secretAccessKey");
  return { accessKey: pair(id, secret), accessKeyId: id, secretAccessKey: secret };
}
