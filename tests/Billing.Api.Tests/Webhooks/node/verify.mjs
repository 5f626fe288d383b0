// Verifies deliveries as a customer would. DELIVERIES: [{secret, headers, body (base64)}, …]; standard output: ["verified" or why not, …].
import { Webhook } from "standardwebhooks";

const verdicts = JSON.parse(process.env.DELIVERIES).map(({ secret, headers, body }) => {
  try {
    new Webhook(secret).verify(Buffer.from(body, "base64").toString("utf8"), headers);
    return "verified";
  } catch (error) {
    return error.message;
  }
});
console.log(JSON.stringify(verdicts));
