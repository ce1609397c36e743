// Prints the .tf files of a folder as one JSON object, a member a file; ends with 1 and the parser's words when one is not HCL.
// ./test installs the parser into .run/hcl and says so in NODE_PATH.
const fs = require("fs");
const path = require("path");
const { parse } = require("@cdktf/hcl2json");

const folder = process.argv[2];
const isHcl = (name) => name.endsWith(".tf") || name.endsWith(".tfvars.example");

async function main() {
  const files = {};
  for (const name of fs.readdirSync(folder).filter(isHcl)) {
    files[name] = await parse(name, fs.readFileSync(path.join(folder, name), "utf8"));
  }
  console.log(JSON.stringify(files));
}

main().catch((error) => {
  console.error(String(error));
  process.exit(1);
});
