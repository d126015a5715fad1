#include "simulator/actor/person_value.h"

#include <boost/json/object.hpp>

#include "protocol/chat/ids.h"

namespace claims::storm {

Value person_value(const Population& population, UserNumber user) {
  const Person& person = population.people[static_cast<std::size_t>(user)];
  boost::json::object object;
  object["id"] = person.id;
  object["name"] = person.name;
  object["role"] = chat::to_string(person.role);
  if (person.role == chat::Role::garage) {
    object["insurer"] = nullptr;
  } else {
    const Insurer& insurer = population.insurers[person.insurer];
    object["insurer"] = {{"id", insurer.id}, {"code", insurer.code}, {"name", insurer.name}};
  }
  return object;
}

}  // namespace claims::storm
