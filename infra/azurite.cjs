// Azurite that ends with whoever started it: when their end of the pipe closes, even because they were killed, so does this.
process.stdin.on("end", () => process.emit("SIGINT")).resume();
require("azurite/dist/src/azurite.js");
