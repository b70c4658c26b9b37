// Asks Google's parser (github.com/google/robotstxt, Apache-2.0) about many
// cases in one go. Build it beside that project's robots.cc and robots.h:
//   g++ -std=c++17 -I. oracle.cc robots.cc -labsl_strings -labsl_base \
//       -labsl_raw_logging_internal -labsl_throw_delegate -o oracle
// Standard input: for each case the robots.txt, the agent and the address,
// each with its length before it as four bytes, least first. Standard output:
// `1` for each case that is allowed, `0` for each that is not.
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

#include "robots.h"

static bool take(std::string* text) {
  uint32_t length;
  if (fread(&length, 4, 1, stdin) != 1) return false;
  text->resize(length);
  return length == 0 || fread(&(*text)[0], 1, length, stdin) == length;
}

int main() {
  std::string robots, agent, url;
  while (take(&robots) && take(&agent) && take(&url)) {
    std::vector<std::string> agents(1, agent);
    googlebot::RobotsMatcher matcher;
    putchar(matcher.AllowedByRobots(robots, &agents, url) ? '1' : '0');
  }
}
