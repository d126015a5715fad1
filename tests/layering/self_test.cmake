# cmake -DHERE=<tests/layering> -DSCRATCH=<folder> -P self_test.cmake
# Shows that check_includes.cmake fails where it must, names the line, and passes what is allowed.
cmake_minimum_required(VERSION 3.25)

function(begin_tree)
  file(REMOVE_RECURSE ${SCRATCH})
  file(WRITE ${SCRATCH}/protocol/chat/ids.h "#include <string>\n#include \"protocol/result.h\"\n")
endfunction()

function(check result output)
  execute_process(
    COMMAND ${CMAKE_COMMAND} -DROOT=${SCRATCH} -DRULES=${HERE}/rules.txt
            -P ${HERE}/check_includes.cmake
    RESULT_VARIABLE code OUTPUT_VARIABLE text ERROR_VARIABLE text)
  set(${result} ${code} PARENT_SCOPE)
  string(REGEX REPLACE "[ \n]+" " " text "${text}")
  set(${output} "${text}" PARENT_SCOPE)
endfunction()

# One file with one include line in an otherwise good tree.
function(expect_refused file line complaint)
  begin_tree()
  file(WRITE ${SCRATCH}/${file} "#include <vector>\n${line}\n")
  check(code output)
  string(FIND "${output}" "${complaint}" at)
  if(code EQUAL 0 OR at EQUAL -1)
    message(SEND_ERROR "${file} with ${line}: expected `${complaint}`, got ${code}: ${output}")
  endif()
endfunction()

function(expect_allowed file line)
  begin_tree()
  file(WRITE ${SCRATCH}/${file} "${line}\n")
  check(code output)
  if(NOT code EQUAL 0)
    message(SEND_ERROR "${file} with ${line}: expected to pass, got ${code}: ${output}")
  endif()
endfunction()

expect_refused(protocol/chat/leak.cpp "#include \"reference-server/log/block.h\""
  "protocol/chat/leak.cpp includes reference-server/log/block.h; protocol may include: protocol")
expect_refused(protocol/leak.h "  #  include <simulator/limits.h>"
  "protocol/leak.h includes simulator/limits.h")
expect_refused(reports/draw.cpp "#include \"protocol/chat/ids.h\""
  "reports/draw.cpp includes protocol/chat/ids.h; reports may include: reports")
expect_refused(reference-server/node/cheat.h "#include \"simulator/actor/actor.h\""
  "reference-server/node/cheat.h includes simulator/actor/actor.h")
expect_refused(simulator/actor/peek.cpp "#include \"reference-server/node/node.h\""
  "simulator/actor/peek.cpp includes reference-server/node/node.h")
expect_refused(simulator/world/real/peek.cpp "#include \"reference-server/node/node.h\""
  "simulator/world/real/peek.cpp includes reference-server/node/node.h")
expect_refused(simulator/world/virtual/peek.cpp "#include \"reference-server/net/server.h\""
  "simulator/world/virtual/peek.cpp includes reference-server/net/server.h")
expect_refused(protocol/chat/near.cpp "#include \"ids.h\"" "includes ids.h")
expect_refused(protocol/chat/up.cpp "#include \"../mqtt/packet.h\"" "includes ../mqtt/packet.h")
expect_refused(protocol/chat/alike.cpp "#include \"protocol-two/ids.h\"" "protocol-two/ids.h")
expect_refused(simulator/check/fake.cpp "#include \"tests/fake.h\"" "includes tests/fake.h")

expect_allowed(simulator/world/virtual/run.cpp "#include \"reference-server/node/node.h\"")
expect_allowed(simulator/actor/user.cpp "#include \"protocol/chat/ids.h\"")
expect_allowed(reference-server/net/shell.cpp "#include <sqlite3.h>")
expect_allowed(reference-server/net/shell.cpp "// #include \"simulator/actor/actor.h\"")

file(REMOVE_RECURSE ${SCRATCH})
file(WRITE ${SCRATCH}/README "no code\n")
check(code output)
if(code EQUAL 0)
  message(SEND_ERROR "A tree without code passed: ${output}")
endif()
